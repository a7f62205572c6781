"""What people run: the command line and the service. The only place that wires the other folders together."""
