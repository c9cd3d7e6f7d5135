"""Benchmarks beside a named peer or limit in the same run; the service never imports them."""
