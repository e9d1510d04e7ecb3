"""The files under folders. Nothing is imported, as a run with nothing to do needs nothing else."""

import os


def files(*trees: str) -> list[str]:
    """Paths of all files under folders, or of files, each once; hidden ones and caches of Python are left out."""
    paths = []
    for tree in trees:
        if os.path.isfile(tree):  # noqa: PTH113
            paths.append(tree)
        for folder, folders, names in os.walk(tree, followlinks=True):
            folders[:] = sorted(name for name in folders if name[0] != "." and name != "__pycache__")
            paths += [os.path.join(folder, name) for name in sorted(names) if name[0] != "."]  # noqa: PTH118
    return list(dict.fromkeys(paths))
