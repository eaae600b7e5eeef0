package bench

// Key is that of the history.
func Key() []byte { return key }
