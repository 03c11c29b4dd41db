"""The analysis as text: tables, Markdown documents, the summary for CI."""
