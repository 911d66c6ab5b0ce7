"""Other machines: a Dask farm, and jobs for the farms that studios have."""
