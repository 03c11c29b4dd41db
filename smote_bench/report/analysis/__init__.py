"""The analysis of a run: a run in, frames and sentences out."""
