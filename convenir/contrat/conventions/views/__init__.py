"""Pages of the conventions: the list, a convention, its versions compared, its acts."""
