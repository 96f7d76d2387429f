"""The longest modules and functions of the four packages. `python -m tests.bench.sizes`."""

from tests.test_layers import MODULES, function_lengths, module_length

_SHOWN = 5


def main() -> None:
    """Print the longest of each, in lines."""
    modules = {module: module_length(module) for module in MODULES}
    functions = {name: n for module in MODULES for name, n in function_lengths(module).items()}
    print(f"{len(modules)} modules, {sum(modules.values())} lines, {len(functions)} functions")
    for lengths in (modules, functions):
        for name in sorted(lengths, key=lambda each: (-lengths[each], each))[:_SHOWN]:
            print(f"{lengths[name]:5} {name}")


if __name__ == "__main__":
    main()
