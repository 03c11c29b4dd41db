"""Interactive figures of a run: each function takes a run and returns a plain plotly figure.

Plain dictionaries, so that a page of thousands is built in seconds and without importing plotly;
`smote_bench.report.charts.style.to_plotly` makes the validated `plotly.graph_objects.Figure` of one.
"""
