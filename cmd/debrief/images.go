package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/debriefhq/debrief/incident"
)

// exportImages puts the images that a document names into the folder images
// beside it. Their names come from their content, so one that is there is right.
func (a *app) exportImages(ctx context.Context, dir string, n incident.Number, document []byte) error {
	for _, path := range incident.ImagesIn(document) {
		place := filepath.Join(dir, filepath.FromSlash(path))
		if _, err := os.Lstat(place); err == nil {
			continue
		}
		file, err := a.client().Image(ctx, n, incident.ImageAt(path))
		if errors.Is(err, incident.NotFound) {
			_, _ = fmt.Fprintf(a.err, "%s is named, and is no image of %s any more\n", path, n)
			continue
		}
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil { // #nosec G301 -- it lies beside documents for others
			return written(place, err)
		}
		if err := writeImage(place, file); err != nil {
			return err
		}
	}
	return nil
}

// writeImage writes all of an image or nothing: one that is there is never looked at again.
func writeImage(place string, image []byte) error {
	s, err := save(place)
	if err != nil {
		return err
	}
	defer s.drop()
	_, _, err = s.keep("", "", image, false)
	return err
}

// importImages brings in the images that lie in the folder images beside a
// document, as an export put them there, and names those that are not taken.
func (a *app) importImages(ctx context.Context, path string, n incident.Number, document []byte) error {
	for _, image := range incident.ImagesIn(document) {
		place := filepath.Join(filepath.Dir(path), filepath.FromSlash(image))
		file, err := os.ReadFile(place) // #nosec G304 -- its name is twelve letters and digits, beside the caller's own file
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return unreadable(place, err)
		}
		kept, err := a.client().AddImage(ctx, n, file)
		var refusal *incident.Error
		switch {
		case errors.As(err, &refusal):
			_, _ = fmt.Fprintf(a.err, "%s is not taken: %s\n", plain(place), refusal.Detail)
		case err != nil:
			return err
		case kept.Path != image:
			_, _ = fmt.Fprintf(a.err, "%s holds another image than its name says: it is kept as %s\n", plain(place), kept.Path)
		}
	}
	return nil
}
