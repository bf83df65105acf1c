"""What the site and Windows tell: certificates that the site lists, drivers, installed software, site control."""
