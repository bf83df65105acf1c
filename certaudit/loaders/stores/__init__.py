"""Windows certificate stores: serialized, exported from the registry, in a hive, or live."""
