"""What every page is made of: navigation, lists, charts, notifications, languages."""
