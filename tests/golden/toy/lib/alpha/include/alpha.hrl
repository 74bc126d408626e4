% a header
