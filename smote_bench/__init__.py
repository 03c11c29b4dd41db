"""smote-bench: does oversampling help here, which method, and is the difference real?"""

__version__ = "0.1.0"
