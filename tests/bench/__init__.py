"""Measurements that are not pass or fail; `make bench` runs them."""
