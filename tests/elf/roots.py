"""What the tests of ELF files share."""
import os
import pathlib
import subprocess


def run(*command, **more):
    """Runs it, whatever its status is."""
    more.setdefault("env", {**os.environ, "LC_ALL": "C"})
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **more)


def real(root, path):
    """`path` with all links followed inside `root`."""
    done, rest = [], [part for part in str(path).split("/") if part]
    while rest:
        part = rest.pop(0)
        if part == "..":
            done = done[:-1]
        elif part != ".":
            at = pathlib.Path(root, *done, part)
            if at.is_symlink():
                target = os.readlink(at)
                done = [] if target.startswith("/") else done
                rest = [p for p in target.split("/") if p] + rest
            else:
                done.append(part)
    return "/".join(done)


def elf_files(folder, pattern="**/*"):
    for path in sorted(pathlib.Path(folder).glob(pattern)):
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            if file.read(4) == b"\x7fELF":
                yield path
