// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/google/uuid"
	"github.com/gorilla/mux"
	"golang.org/x/xerrors"

	"github.com/filecoin-project/go-jsonrpc/auth"
	"github.com/filecoin-project/go-state-types/abi"

	"github.com/filecoin-project/lotus/api"
	"github.com/filecoin-project/lotus/storage/sealer/fsutil"
	"github.com/filecoin-project/lotus/storage/sealer/storiface"
	"github.com/filecoin-project/lotus/storage/sealer/tarutil"
)

// minerStore is a storage path of the miner, served under /remote: files with ranges, folders as tars of lotus' own writer, which leaves
// out the padding of the last file and the trailer.
type minerStore struct {
	id     storiface.ID
	folder string
	miner  *miner
	routes *mux.Router
	served []string
	keeps  []string
	kind   string // overrides the content type
	tar    func(dir string, w io.Writer) error
}

func newStore(folder string) *minerStore {
	store := &minerStore{id: storiface.ID(uuid.NewString()), folder: folder, tar: func(dir string, w io.Writer) error {
		return tarutil.TarDirectory(dir, w, make([]byte, 1<<20))
	}}
	store.routes = mux.NewRouter()
	store.routes.HandleFunc("/remote/{type}/{id}", store.get).Methods("GET")
	store.routes.HandleFunc("/remote/{type}/{id}", store.remove).Methods("DELETE")
	return store
}

func (p *minerStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !auth.HasPerm(r.Context(), nil, api.PermAdmin) {
		w.WriteHeader(http.StatusUnauthorized)
		json.NewEncoder(w).Encode(struct{ Error string }{"unauthorized: missing write permission"}) //nolint:errcheck
		return
	}
	p.routes.ServeHTTP(w, r)
}

// attach tells the index of the path and of what lies in it.
func (p *minerStore) attach(m *miner) error {
	p.miner = m
	stat, err := statFs(p.folder)
	if err != nil {
		return err
	}
	info := storiface.StorageInfo{ID: p.id, URLs: []string{m.url() + "/remote"}, Weight: 10, CanStore: true}
	if err := m.StorageAttach(context.Background(), info, stat); err != nil {
		return err
	}
	for _, file := range storiface.FTAll.AllSet() {
		entries, err := os.ReadDir(filepath.Join(p.folder, file.String()))
		if err != nil {
			continue
		}
		for _, entry := range entries {
			if sector, err := storiface.ParseSectorID(entry.Name()); err == nil {
				if err := m.StorageDeclareSector(context.Background(), p.id, sector, file, true); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func statFs(folder string) (fsutil.FsStat, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fsutil.FsStat{}, err
	}
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return fsutil.FsStat{}, err
	}
	free := int64(stat.Bavail) * stat.Bsize
	return fsutil.FsStat{Capacity: int64(stat.Blocks) * stat.Bsize, Available: free, FSAvailable: free}, nil
}

func (p *minerStore) at(file storiface.SectorFileType, sector abi.SectorID) string {
	return filepath.Join(p.folder, file.String(), storiface.SectorName(sector))
}

// path of the file that a request names; "" when the names are wrong.
func (p *minerStore) path(r *http.Request) (storiface.SectorFileType, abi.SectorID, string) {
	file, err := storiface.TypeFromString(mux.Vars(r)["type"])
	if err != nil {
		return 0, abi.SectorID{}, ""
	}
	sector, err := storiface.ParseSectorID(mux.Vars(r)["id"])
	if err != nil {
		return 0, abi.SectorID{}, ""
	}
	return file, sector, p.at(file, sector)
}

func (p *minerStore) get(w http.ResponseWriter, r *http.Request) {
	_, _, path := p.path(r)
	info, err := os.Stat(path)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	p.miner.life.Lock()
	p.served = append(p.served, r.URL.Path)
	p.miner.life.Unlock()
	w.Header().Set("Content-Type", "application/octet-stream")
	if info.IsDir() {
		w.Header().Set("Content-Type", "application/x-tar")
	}
	if p.kind != "" {
		w.Header().Set("Content-Type", p.kind)
	}
	if !info.IsDir() {
		http.ServeFile(w, r, path)
		return
	}
	w.WriteHeader(http.StatusOK)
	if err := p.tar(path, w); err != nil {
		panic(http.ErrAbortHandler)
	}
}

func (p *minerStore) remove(w http.ResponseWriter, r *http.Request) {
	file, sector, path := p.path(r)
	p.miner.life.Lock()
	p.keeps = append(p.keeps, r.URL.Path+"?"+r.URL.RawQuery)
	p.miner.life.Unlock()
	for _, id := range storiface.ParseIDList(r.FormValue("keep")) {
		if id == p.id {
			return // asked to keep it: nothing is done, and that is a success
		}
	}
	if path == "" || os.RemoveAll(path) != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if err := p.miner.StorageDropSector(r.Context(), p.id, sector, file); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// fetchInto brings one file of a sector from a worker as lotus' transfers do: by its index, its token, its tar reader and rules.
func (p *minerStore) fetchInto(file storiface.SectorFileType, sector abi.SectorID) error {
	holders, err := p.miner.StorageFindSector(context.Background(), sector, file, 0, false)
	if err != nil {
		return err
	}
	for _, holder := range holders {
		for _, address := range holder.URLs {
			if holder.ID == p.id {
				continue
			}
			if err := p.fetchOne(address, p.at(file, sector)); err != nil {
				return xerrors.Errorf("fetching %s: %w", address, err)
			}
			return p.miner.StorageDeclareSector(context.Background(), p.id, sector, file, true)
		}
	}
	return xerrors.Errorf("nobody holds %s of %s", file, storiface.SectorName(sector))
}

func (p *minerStore) fetchOne(address, destination string) error {
	response, err := p.miner.get("GET", address, nil, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck
	if response.StatusCode != http.StatusOK {
		return xerrors.Errorf("non-200 code: %d", response.StatusCode)
	}
	if err := os.MkdirAll(filepath.Dir(destination), 0o755); err != nil {
		return err
	}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	switch kind {
	case "application/x-tar":
		_, err := tarutil.ExtractTar(response.Body, destination, make([]byte, 1<<20))
		return err
	case "application/octet-stream":
		out, err := os.Create(destination)
		if err != nil {
			return err
		}
		defer out.Close() //nolint:errcheck
		_, err = io.Copy(out, response.Body)
		return err
	}
	return xerrors.Errorf("unknown content type: '%s'", kind)
}

// removeOthers has every other holder delete its copy, as a miner does after it moved a file to itself.
func (p *minerStore) removeOthers(file storiface.SectorFileType, sector abi.SectorID) error {
	holders, err := p.miner.StorageFindSector(context.Background(), sector, file, 0, false)
	if err != nil {
		return err
	}
	for _, holder := range holders {
		if holder.ID == p.id {
			continue
		}
		for _, address := range holder.URLs {
			target, err := url.Parse(address)
			if err != nil {
				return err
			}
			target.RawQuery = url.Values{"keep": {strings.Join([]string{string(p.id)}, storiface.IDSep)}}.Encode()
			response, err := p.miner.get("DELETE", target.String(), nil, nil)
			if err != nil {
				return err
			}
			response.Body.Close() //nolint:errcheck
			if response.StatusCode != http.StatusOK {
				return xerrors.Errorf("DELETE %s: %s", target, response.Status)
			}
		}
	}
	return nil
}
