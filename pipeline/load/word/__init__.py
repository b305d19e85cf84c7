"""The papers in Word: the report and the reminder, made from templates that an office can edit."""
