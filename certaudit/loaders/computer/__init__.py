"""What Windows' own tools tell of a computer, as the collect script keeps it: by position and shape, in no language."""
