"""Measures the product beside what this machine could do at best, in the same run: `make bench`.

`python -m benchmarks` runs everything, `python -m benchmarks pages money` only these families of rows. It runs on the
profile that DATABASE_URL and REDIS_URL name, on a data folder and a database of its own, both gone afterwards.
Absolute figures move with the machine and with whatever else it does; compare ratios and CPU time.
"""
