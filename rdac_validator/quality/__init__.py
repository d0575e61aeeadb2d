"""The data-quality report: metrics worked out, protected against disclosure, and drawn for three kinds of reader."""
