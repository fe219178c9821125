// Read by the address sanitizer's runtime, where it is linked in: its leak checker stops the process by way of /proc,
// and waits for ever in one that has joined another PID namespace, as every command of the lab does.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
