"""Reference data about AWS: condition keys and what is special about them."""
