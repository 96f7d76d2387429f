from pathlib import Path

import pytest

from assistant.errors import SettingError
from assistant.settings import ENVIRONMENT, Settings
from store.server.address import ServerAddress


def test_an_argument_counts_before_the_environment_and_that_before_the_default() -> None:
    environment = {
        "PAPER_ASSISTANT_HOME": "/tmp/from-environment",
        "PAPER_ASSISTANT_ENCODER": "mine",
        "PAPER_ASSISTANT_API_KEY": "secret",
        "PATH": "/bin",
    }
    read = Settings.read(environment, home=Path("given"), encoder=None)
    assert read == Settings(home=Path("given"), encoder="mine", api_key="secret")
    assert Settings.read(environment).home == Path("/tmp/from-environment")


def test_the_default_home_lies_in_the_users_data_folder(tmp_path: Path) -> None:
    assert Settings.read({}) == Settings(home=tmp_path / "user" / "data_home" / "paper-assistant")
    empty = {f"PAPER_ASSISTANT_{name}": "" for name in ENVIRONMENT}
    assert Settings.read(empty) == Settings.read({})


def test_a_home_may_begin_with_the_users_own(tmp_path: Path) -> None:
    assert Settings.read({}, home="~/papers").home == tmp_path / "user" / "papers"
    with pytest.raises(SettingError, match="~nobody-here/papers cannot be found"):
        Settings.read({}, home="~nobody-here/papers")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PAPER_ASSISTANT_HOEM", "did you mean PAPER_ASSISTANT_HOME?"),
        ("PAPER_ASSISTANT_MODELL", "did you mean PAPER_ASSISTANT_MODEL?"),
        ("PAPER_ASSISTANT_", "did you mean"),
        ("PAPER_ASSISTANT_COLOUR_OF_THE_PAGE_IN_THE_EVENING", "known are PAPER_ASSISTANT_HOME,"),
    ],
)
def test_an_unknown_setting_is_refused(name: str, meant: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.read({name: "x"})
    assert str(caught.value).startswith(f"There is no setting {name}; {meant}")


def test_keys_are_kept_out_of_what_is_shown() -> None:
    keys = {"api_key": "secret-1", "chroma_token": "secret-2", "encoder_api_key": "secret-3"}
    shown = repr(Settings(Path("home"), **keys))
    assert "secret" not in shown
    assert "home=PosixPath('home')" in shown


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("chroma.test:8000", "", "begin with http:// or https://"),
        ("https://", "", "begin with http:// or https://"),
        ("ftp://chroma.test", "", "begin with http:// or https://"),
        ("http://chroma.test:99999", "", "[Pp]ort"),
        ("https://me:hidden@chroma.test", "", "holds a password; put that into"),
        ("https://chroma.test?tenat=lab", "", "'tenat' means nothing there; tenant, database"),
        ("http://chroma.test", "hidden", "unencrypted; use https"),
        ("https://chroma.test", "hid\nden", "no header can carry"),
    ],
)
def test_an_address_of_a_chroma_server_that_makes_no_sense_is_refused(
    url: str, token: str, said: str
) -> None:
    named = {"PAPER_ASSISTANT_CHROMA_URL": url, "PAPER_ASSISTANT_CHROMA_TOKEN": token}
    with pytest.raises(SettingError, match=said) as caught:
        Settings.read(named)
    assert "hid" not in str(caught.value)


def test_an_address_names_tenant_database_and_collection() -> None:
    named = {"PAPER_ASSISTANT_CHROMA_URL": "https://x.test:8443/a/?tenant=t&collection=c d"}
    server = Settings.read(named | {"PAPER_ASSISTANT_CHROMA_TOKEN": "s3cret"}).server
    assert server == ServerAddress(
        "https://x.test:8443/a", "t", "default_database", "c d", "s3cret"
    )
    assert "s3cret" not in repr(server)
    cloud = Settings.read({"PAPER_ASSISTANT_CHROMA_URL": "https://api.trychroma.com"}).server
    assert cloud is not None
    assert (cloud.is_cloud, cloud.tenant, cloud.database) == (True, "", "")
    assert Settings.read({}).server is None


def test_a_chat_model_needs_an_address_and_a_key_alone_names_none() -> None:
    environment = {"PAPER_ASSISTANT_MODEL": "gpt", "OPENAI_API_KEY": "secret"}
    with pytest.raises(SettingError, match="'gpt' needs an address; set PAPER_ASSISTANT_BASE_URL"):
        Settings.read(environment)
    read = Settings.read(environment | {"OPENAI_BASE_URL": "http://x/v1"})
    assert (read.model, read.base_url, read.api_key) == ("gpt", "http://x/v1", "secret")
    assert Settings.read({"PAPER_ASSISTANT_MODEL": "extractive"}).model == "extractive"


def test_the_length_of_the_context_is_a_number_of_tokens() -> None:
    assert Settings.read({}).context_tokens == 4096
    assert Settings.read({"PAPER_ASSISTANT_CONTEXT_TOKENS": "32000"}).context_tokens == 32_000
    for wrong in ("many", "-5", "999", "1e4"):
        with pytest.raises(SettingError, match="set a number of tokens from 1,000 on"):
            Settings.read({"PAPER_ASSISTANT_CONTEXT_TOKENS": wrong})


@pytest.mark.parametrize(
    ("environment", "endpoint"),
    [
        ({}, ("", "")),
        ({"PAPER_ASSISTANT_BASE_URL": "a", "PAPER_ASSISTANT_API_KEY": "k"}, ("a", "k")),
        ({"OPENAI_BASE_URL": "o", "OPENAI_API_KEY": "ok"}, ("o", "ok")),
        ({"OPENAI_BASE_URL": "o", "PAPER_ASSISTANT_BASE_URL": "a", "OPENAI_API_KEY": "ok"},
         ("a", "ok")),
        ({"PAPER_ASSISTANT_BASE_URL": "a", "PAPER_ASSISTANT_API_KEY": "k",
          "PAPER_ASSISTANT_ENCODER_BASE_URL": "e"}, ("e", "")),
        ({"PAPER_ASSISTANT_BASE_URL": "a", "PAPER_ASSISTANT_API_KEY": "k",
          "PAPER_ASSISTANT_ENCODER_BASE_URL": "e", "PAPER_ASSISTANT_ENCODER_API_KEY": "ek"},
         ("e", "ek")),
        ({"PAPER_ASSISTANT_BASE_URL": "a", "PAPER_ASSISTANT_API_KEY": "k",
          "PAPER_ASSISTANT_ENCODER_API_KEY": "ek"}, ("a", "ek")),
    ],
)  # fmt: skip
def test_an_encoder_is_asked_where_it_is_said_with_the_key_for_there(
    environment: dict[str, str], endpoint: tuple[str, str]
) -> None:
    assert Settings.read(environment).encoder_endpoint == endpoint
