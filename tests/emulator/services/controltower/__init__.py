"""A service that neither moto nor the emulator has, loaded as `moto.controltower`: one folder is all it takes."""

from emulator.events.cloudtrail import resources

from .models import controltower_backends

__all__ = ["controltower_backends"]

resources.declare("controltower", {"arn": "AWS::ControlTower::LandingZone"})
