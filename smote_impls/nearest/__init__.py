"""Nearest rows: exact, fast, in one order however they are searched."""
