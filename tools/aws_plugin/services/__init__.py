"""One file per AWS service (AWS Backup has four, by what they are about)."""
