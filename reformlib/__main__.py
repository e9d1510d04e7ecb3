"""`python -m reformlib` is the command `reformlib`."""

import sys

from reformlib.cli import main

sys.exit(main())
