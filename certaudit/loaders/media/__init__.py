"""Boot media: disk images, Windows PE images, folders, and the variables that they carry."""
