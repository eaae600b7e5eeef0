package store

// Load is how the connections to the database are used.
type Load struct {
	Busy, Idle, Most int32
}

// Load tells it as of now.
func (s *Store) Load() Load {
	p := s.pool.Stat()
	return Load{Busy: p.AcquiredConns(), Idle: p.IdleConns(), Most: p.MaxConns()}
}
