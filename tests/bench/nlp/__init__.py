"""Understanding measured: peers on the same examples, typing noise, speed."""
