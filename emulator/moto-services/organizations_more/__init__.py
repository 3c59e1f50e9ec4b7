"""What moto's `organizations` lacks, put over it by `emulator.install`; the same name would hide moto's package."""
