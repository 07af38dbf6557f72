"""The templates that come with the application, and the program that makes them: `python -m cdtteam.monthly.data`."""
