"""The verdict, and how it is told: words, Markdown, JUnit, files."""
