"""Methods: what is done about imbalance.

Naming them (`spec`, `names`, `identity`) imports no library; running them (`resampling`) does.
"""
