// Package migrations holds the schema of the database, as numbered SQL that never changes after a
// release. It brings no code: package store runs it.
package migrations

import "embed"

// Files are the migrations, NNNN_name.up.sql and NNNN_name.down.sql.
//
//go:embed *.sql
var Files embed.FS

// Latest is the number of the newest migration.
const Latest = 27
