"""What teams did and did not do: figures derived from visits, on any map, for any period."""
