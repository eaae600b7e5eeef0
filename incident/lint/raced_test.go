//go:build race

package lint

// raced tells that the race detector slows our code, and that of the standard library less.
const raced = true
