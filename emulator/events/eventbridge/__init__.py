"""EventBridge beside what moto has of it: patterns, targets that are really reached, schedules, events of services."""
