// SPDX-License-Identifier: MIT OR Apache-2.0

package main

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/filecoin-project/lotus/storage/sealer/fsutil"
	"github.com/filecoin-project/lotus/storage/sealer/storiface"
	"github.com/filecoin-project/lotus/storage/sealer/tarutil"
)

// transfers brings files both ways: what the worker serves is read by lotus' rules, and what lotus' own writer makes is taken by the worker.
func transfers(s *scenario) {
	store := newStore(folderIn(s, "store"))
	m := newMinerWithStore(s, 2<<10, store)
	w := startWorker(s, m, "w1")
	fromMiner(s, m, store, w)
	refusedTars(s, m, store, w)
	fromWorker(s, m, store, w)
	storageDownload(s, m, store)
}

// putSector writes a sealed file and a cache folder of a finalized sector into a folder; what is in them does not matter to a transfer.
func putSector(s *scenario, folder string, number uint64, names map[string]int) {
	sealed := filepath.Join(folder, "sealed", storiface.SectorName(sectorID(number)))
	cache := filepath.Join(folder, "cache", storiface.SectorName(sectorID(number)))
	for _, dir := range []string{filepath.Dir(sealed), cache} {
		s.must("a folder", os.MkdirAll(dir, 0o755))
	}
	s.must("a sealed file", os.WriteFile(sealed, dataOf(2048, byte(number)), 0o644))
	for name, size := range names {
		s.must("a cache file", os.WriteFile(filepath.Join(cache, name), dataOf(size, byte(size)), 0o644))
	}
}

var finalized = map[string]int{"p_aux": 64, "t_aux": 1234, "sc-02-data-tree-r-last.dat": 33}

// fromMiner has the worker fetch.
func fromMiner(s *scenario, m *miner, store *minerStore, w *workerProcess) {
	both := storiface.FTSealed | storiface.FTCache
	putSector(s, store.folder, 1, finalized)
	many := map[string]int{"p_aux": 64, "t_aux": 10240}
	for i := 0; i < 16; i++ {
		many[fmt.Sprintf("sc-02-data-tree-r-last-%d.dat", i)] = 1000 + i
	}
	for i := 1; i <= 11; i++ {
		many[fmt.Sprintf("sc-02-data-layer-%d.dat", i)] = 2048
	}
	putSector(s, store.folder, 2, many)
	putSector(s, store.folder, 3, finalized)
	s.must("the miner declares", store.attach(m))

	// A copy leaves the source alone; the last file's padding and the trailer are missing from the tar.
	for _, number := range []uint64{1, 2} {
		w.fetch(sectorRef(number, smallProof), both, storiface.PathSealing, storiface.AcquireCopy)
		s.sameTree("a fetched cache", store.at(storiface.FTCache, sectorID(number)), w.at(storiface.FTCache, number))
		s.sameTree("a fetched file", store.at(storiface.FTSealed, sectorID(number)), w.at(storiface.FTSealed, number))
		types, primary := m.held(pathID(s, w.folder), sectorID(number))
		s.equal("a copy is declared, and not as primary", [2]storiface.SectorFileType{types, primary}, [2]storiface.SectorFileType{both, storiface.FTNone})
	}
	s.equal("a copy deletes nothing", len(store.keeps), 0)
	served := len(store.served)
	w.fetch(sectorRef(1, smallProof), both, storiface.PathSealing, storiface.AcquireCopy)
	s.equal("what is there is not fetched again", len(store.served), served)

	// A move has the source deleted, telling which path to keep.
	w.fetch(sectorRef(3, smallProof), both, storiface.PathSealing, storiface.AcquireMove)
	own := pathID(s, w.folder)
	s.isTrue("a move deletes the source", !exists(store.at(storiface.FTSealed, sectorID(3))) && !exists(store.at(storiface.FTCache, sectorID(3))))
	s.equal("a move says what to keep", len(store.keeps), 2)
	for _, keep := range store.keeps {
		s.isTrue("DELETE names the path to keep", strings.HasSuffix(keep, "?keep="+string(own)))
	}
	types, primary := m.held(own, sectorID(3))
	s.equal("what was moved is declared as primary", [2]storiface.SectorFileType{types, primary}, [2]storiface.SectorFileType{both, both})

	// The first source is away; the next one is asked.
	putSector(s, store.folder, 4, finalized)
	s.must("the miner declares", store.attach(m))
	s.must("a path that is away", m.StorageAttach(context.Background(), storiface.StorageInfo{ID: "away", URLs: []string{"http://127.0.0.1:1/remote"}, Weight: 1,
		CanStore: true}, fsutil.FsStat{}))
	s.must("a path that is away", m.StorageDeclareSector(context.Background(), "away", sectorID(4), both, true))
	w.fetch(sectorRef(4, smallProof), both, storiface.PathSealing, storiface.AcquireCopy)
	s.sameTree("fetched from the second source", store.at(storiface.FTCache, sectorID(4)), w.at(storiface.FTCache, 4))
	s.must("the path is forgotten", m.StorageDetach(context.Background(), "away", "http://127.0.0.1:1/remote"))
}

// refusedTars are answers that lotus' reader refuses; the worker must too, and leave nothing behind.
func refusedTars(s *scenario, m *miner, store *minerStore, w *workerProcess) {
	plain := store.tar
	write := func(header tar.Header, content []byte) func(string, io.Writer) error {
		return func(_ string, out io.Writer) error {
			writer := tar.NewWriter(out)
			header.Mode = 0o644
			if err := writer.WriteHeader(&header); err != nil {
				return err
			}
			_, err := writer.Write(content)
			return err
		}
	}
	for i, one := range []struct {
		what string
		kind string
		tar  func(string, io.Writer) error
	}{
		{"a name that no cache has", "", write(tar.Header{Name: "sc-02-data-tree-x.dat", Size: 3}, []byte("abc"))},
		{"a name that leads out", "", write(tar.Header{Name: "../../../p_aux", Size: 3}, []byte("abc"))},
		{"an absolute name", "", write(tar.Header{Name: "/tmp/p_aux", Size: 3}, []byte("abc"))},
		{"a file that is too large", "", write(tar.Header{Name: "p_aux", Size: 65}, make([]byte, 65))},
		{"a link", "", write(tar.Header{Name: "p_aux", Typeflag: tar.TypeSymlink, Linkname: "/etc/hostname"}, nil)},
		{"a body that breaks off", "", func(dir string, out io.Writer) error {
			var whole bytes.Buffer
			if err := tarutil.TarDirectory(dir, &whole, make([]byte, 1<<20)); err != nil {
				return err
			}
			out.Write(whole.Bytes()[:700]) //nolint:errcheck // within the first file
			return io.ErrUnexpectedEOF
		}},
		{"another kind of body", "text/html", plain},
	} {
		number := uint64(20 + i)
		putSector(s, store.folder, number, finalized)
		s.must("the miner declares", store.attach(m))
		store.tar, store.kind = one.tar, one.kind
		got := w.task("Fetch of a tar with "+one.what, func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
			return rpc.Fetch(ctx, sectorRef(number, smallProof), storiface.FTCache, storiface.PathSealing, storiface.AcquireCopy)
		})
		store.tar, store.kind = plain, ""
		s.callError("Fetch of a tar with "+one.what, got.failure(), storiface.ErrUnknown, "")
		s.isTrue("nothing of a tar with "+one.what+" is kept", !exists(w.at(storiface.FTCache, number)) &&
			!exists(filepath.Join(w.folder, "cache", "fetching", storiface.SectorName(sectorID(number)))))
		types, _ := m.held(pathID(s, w.folder), sectorID(number))
		s.equal("nothing of a tar with "+one.what+" is declared", types, storiface.FTNone)
	}
}

// fromWorker reads and deletes what the worker has, over its /remote.
func fromWorker(s *scenario, m *miner, store *minerStore, w *workerProcess) {
	const number = 40
	putSector(s, w.folder, number, finalized)
	s.must("StorageRedeclareLocal", w.rpc().StorageRedeclareLocal(context.Background(), nil, false))
	id := sectorID(number)
	base := "http://" + w.address() + "/remote/"
	ask := func(method, route string, header http.Header) (*http.Response, []byte) {
		response, err := m.get(method, base+route, header, nil)
		s.must(method+" "+route, err)
		defer response.Body.Close() //nolint:errcheck
		body, err := io.ReadAll(response.Body)
		s.noError("the body of "+route, err)
		return response, body
	}
	name := storiface.SectorName(id)
	want := dataOf(2048, number)
	response, body := ask("GET", "sealed/"+name, nil)
	s.isTrue("a whole file", response.StatusCode == 200 && response.Header.Get("Content-Type") == "application/octet-stream" &&
		response.ContentLength == 2048 && response.Header.Get("Accept-Ranges") == "bytes" && bytes.Equal(body, want))
	for _, one := range []struct {
		given, told string
		from, to    int
	}{{"bytes=0-99", "bytes 0-99/2048", 0, 100}, {"bytes=2000-", "bytes 2000-2047/2048", 2000, 2048}, {"bytes=-48", "bytes 2000-2047/2048", 2000, 2048},
		{"bytes=100-9999", "bytes 100-2047/2048", 100, 2048}} {
		response, body = ask("GET", "sealed/"+name, http.Header{"Range": {one.given}})
		s.isTrue("the range "+one.given, response.StatusCode == 206 && response.Header.Get("Content-Range") == one.told && bytes.Equal(body, want[one.from:one.to]))
	}
	response, _ = ask("GET", "sealed/"+name, http.Header{"Range": {"bytes=5000-"}})
	s.equal("a range beyond the end", response.StatusCode, 416)
	response, body = ask("GET", "cache/"+name, nil)
	s.isTrue("a folder is a tar", response.StatusCode == 200 && response.Header.Get("Content-Type") == "application/x-tar")
	into := folderIn(s, "extracted")
	_, err := tarutil.ExtractTar(bytes.NewReader(body), into, make([]byte, 1<<20))
	s.must("lotus' reader takes the worker's tar", err)
	s.sameTree("the extracted tar", into, w.at(storiface.FTCache, number))
	response, _ = ask("GET", "cache/"+name, http.Header{"Range": {"bytes=0-99"}})
	s.equal("a range of a folder", response.StatusCode, 500)
	for route, status := range map[string]int{"sealed/s-t01000-999": 500, "sealed/nonsense": 500, "nonsense/" + name: 500, "": 404} {
		response, _ = ask("GET", route, nil)
		s.equal("GET /remote/"+route, response.StatusCode, status)
	}
	response, _ = ask("HEAD", "sealed/"+name, nil)
	s.equal("HEAD /remote", response.StatusCode, 405)

	own := pathID(s, w.folder)
	response, body = ask("GET", "stat/"+string(own), nil)
	var stat fsutil.FsStat
	s.must("the statistics of a path are lotus'", json.Unmarshal(body, &stat))
	s.isTrue("the statistics of a path", response.StatusCode == 200 && stat.Capacity > 0 && stat.Available > 0 && stat.FSAvailable >= stat.Available)
	response, _ = ask("GET", "stat/unheard-of", nil)
	s.equal("the statistics of an unknown path", response.StatusCode, 404)

	// A range that is not allocated.
	ref := sectorRef(41, smallProof)
	w.addPiece(ref, nil, 1016, zeros(1016), nil)
	for route, status := range map[string]int{"5/allocated/0/1016": 200, "5/allocated/0/2032": 416, "5/allocated/1016/127": 416, "x/allocated/0/127": 500, "5/allocated/0/y": 500} {
		response, _ = ask("GET", "unsealed/"+storiface.SectorName(ref.ID)+"/"+route, nil)
		s.equal("whether "+route+" is allocated", response.StatusCode, status)
	}
	response, _ = ask("GET", "sealed/"+name+"/5/allocated/0/127", nil)
	s.equal("whether a range of a sealed file is allocated", response.StatusCode, 500)

	// DELETE keeps what it is told to keep.
	response, _ = ask("DELETE", "sealed/"+name+"?keep="+string(own), nil)
	s.isTrue("DELETE with the path in keep", response.StatusCode == 200 && exists(w.at(storiface.FTSealed, number)))
	response, _ = ask("DELETE", "sealed/"+name+"?keep=x."+string(own)+".y", nil)
	s.isTrue("DELETE with the path among others in keep", response.StatusCode == 200 && exists(w.at(storiface.FTSealed, number)))
	response, _ = ask("DELETE", "sealed/"+name+"?keep="+string(store.id), nil)
	s.isTrue("DELETE with another path in keep", response.StatusCode == 200 && !exists(w.at(storiface.FTSealed, number)))
	response, _ = ask("DELETE", "cache/"+name, nil)
	s.isTrue("DELETE without keep", response.StatusCode == 200 && !exists(w.at(storiface.FTCache, number)))
	s.equal("nothing is declared any more", m.total(id), storiface.FTNone)
	response, _ = ask("DELETE", "sealed/"+name, nil)
	s.equal("DELETE of what is not there", response.StatusCode, 500)

	// A reader that goes away in the middle takes nothing with it.
	big := sectorID(42)
	s.must("a large file", os.WriteFile(w.at(storiface.FTSealed, 42), make([]byte, 32<<20), 0o644))
	s.must("StorageRedeclareLocal", w.rpc().StorageRedeclareLocal(context.Background(), nil, false))
	ctx, cancel := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, "GET", base+"sealed/"+storiface.SectorName(big), nil)
	s.must("a request", err)
	request.Header = m.header()
	response, err = http.DefaultClient.Do(request)
	s.must("a large file", err)
	_, err = io.ReadFull(response.Body, make([]byte, 1<<20))
	s.must("its beginning", err)
	cancel()
	response.Body.Close() //nolint:errcheck
	_, body = ask("GET", "sealed/"+storiface.SectorName(big), nil)
	s.equal("the file after a reader went away", len(body), 32<<20)
}

// storageDownload has a worker take a sector from addresses that a call names.
func storageDownload(s *scenario, m *miner, store *minerStore) {
	w := startWorker(s, m, "w2", "--sector-download")
	_, offered := w.rpc().types["seal/v0/download/sector"]
	if !s.isTrue("a worker with --sector-download offers it", offered) {
		return
	}
	putSector(s, store.folder, 50, finalized)
	var tokens []string
	server := http.Server{Handler: http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		tokens = append(tokens, r.URL.Path+" "+r.Header.Get("Authorization")+" "+r.Header.Get("X-Test"))
		switch r.URL.Path {
		case "/sealed":
			http.ServeFile(out, r, store.at(storiface.FTSealed, sectorID(50)))
		case "/cache":
			out.Header().Set("Content-Type", "application/x-tar")
			tarutil.TarDirectory(store.at(storiface.FTCache, sectorID(50)), out, make([]byte, 1<<20)) //nolint:errcheck
		default:
			out.WriteHeader(http.StatusNotFound)
		}
	})}
	address := serveOn(s, &server)
	store.kind = ""
	source := func(sealed string) map[storiface.SectorFileType]storiface.SectorLocation {
		return map[storiface.SectorFileType]storiface.SectorLocation{
			storiface.FTSealed: {URL: address + sealed, Headers: []storiface.SecDataHttpHeader{{Key: "X-Test", Value: "1"}}},
			storiface.FTCache:  {URL: address + "/cache"},
		}
	}
	w.ok("DownloadSectorData", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.DownloadSectorData(ctx, sectorRef(50, smallProof), false, source("/sealed"))
	})
	for _, file := range []storiface.SectorFileType{storiface.FTSealed, storiface.FTCache} {
		s.sameTree("a downloaded "+file.String(), store.at(file, sectorID(50)), w.at(file, 50))
	}
	types, _ := m.held(pathID(s, w.folder), sectorID(50))
	s.equal("what was downloaded is declared", types, storiface.FTSealed|storiface.FTCache)
	for _, seen := range tokens {
		s.isTrue("headers of a download: "+seen, seen == "/sealed  1" || seen == "/cache  ")
	}
	got := w.task("DownloadSectorData of nothing", func(ctx context.Context, rpc *connectedWorker) (storiface.CallID, error) {
		return rpc.DownloadSectorData(ctx, sectorRef(51, smallProof), false, source("/nothing"))
	})
	s.callError("DownloadSectorData of nothing", got.failure(), storiface.ErrUnknown, "downloading sector data: failed to fetch sector file (tried [")
}

// serveOn serves on a free port until the scenario ends and gives the address.
func serveOn(s *scenario, server *http.Server) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.must("a free port", err)
	go server.Serve(listener)          //nolint:errcheck // ends with the scenario
	s.atEnd(func() { server.Close() }) //nolint:errcheck
	return "http://" + listener.Addr().String()
}
