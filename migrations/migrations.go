// Package migrations holds the schema of the database, as numbered SQL that never changes after a
// release. It brings no code: package store runs it.
package migrations

import (
	"embed"
	"fmt"
)

// Files are the migrations, NNNN_name.up.sql and NNNN_name.down.sql.
//
//go:embed *.sql
var Files embed.FS

// Latest is the number of the newest migration.
var Latest = latest()

func latest() (number int64) {
	entries, err := Files.ReadDir(".") // sorted by name
	if err == nil {
		_, err = fmt.Sscanf(entries[len(entries)-1].Name(), "%04d_", &number)
	}
	if err != nil {
		panic(fmt.Sprintf("migrations: a file is not named NNNN_name: %v", err))
	}
	return number
}
