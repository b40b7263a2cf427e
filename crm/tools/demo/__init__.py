"""The example company: three years of a tea shop, lived through by the product's own services."""
