package incident

// Odd lists what is strange about a record but kept as it is.
func Odd(in *Incident) []Warning {
	var odd oddities
	return odd
}

type oddities []Warning
