"""What leaves the tracker as files in forms that others read.

`warc` writes pages as a WARC file. It reads no database and no configuration: what is written is handed in.
"""
