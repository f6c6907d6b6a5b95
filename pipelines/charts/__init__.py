"""House style and charts: functions that return a figure, the data it draws, and its text alternative."""
