"""Measure the app in a browser, take its pictures; needs requirements-dev.txt and Chromium."""
