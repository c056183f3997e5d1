"""The API: the same reads as the pages, for programs, under the rights of a membership."""
