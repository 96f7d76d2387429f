from assistant import errors
from tests.test_store_errors import drawn_tree, real_tree


def test_the_tree_in_the_docstring_is_the_real_one() -> None:
    assert drawn_tree(errors.__doc__ or "") == real_tree(errors)


def test_every_error_is_exported_and_says_when_to_catch_it() -> None:
    assert sorted(real_tree(errors)) == errors.__all__
    assert all(getattr(errors, name).__doc__ for name in errors.__all__)
    assert all(getattr(errors, name).retryable is False for name in errors.__all__)
