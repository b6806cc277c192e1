"""A scenario as files to take away: words, pictures and tables of one Brief, written without a screen.

Reading order: measures (settings in words), sections (what is said), frame (a whole table), pictures (what is drawn),
brief (all of it as one value, in one language); then what is made of a Brief: document (PDF), slides (PPTX), workbook
(XLSX), tables (CSV), charts (PNG, SVG), script (Python); scenario_file (JSON, out and in).
"""
