// SPDX-License-Identifier: MIT OR Apache-2.0

// The yardstick of `lotus-seal-worker bench transfer --against go`: Go's net/http serving a folder, and fetching an address, as lotus does
// both. Built by the bench with the Go that it finds; the standard library is all it needs.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	run := map[string]func(string) error{"serve": serve, "get": get}
	if len(os.Args) != 3 || run[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: go_yardstick serve FOLDER | get URL")
		os.Exit(2)
	}
	if err := run[os.Args[1]](os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve prints the address and ends with standard input.
func serve(folder string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	return http.Serve(listener, http.FileServer(http.Dir(folder)))
}

// get reads an address to its end, throws the bytes away and prints how many they were and how long it took. A token comes in
// YARDSTICK_TOKEN, where no list of processes shows it.
func get(address string) error {
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	if token := os.Getenv("YARDSTICK_TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	begin := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", address, response.Status)
	}
	// A plain writer: io.Discard itself would read in small steps of its own, which no real destination does.
	count, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, response.Body, make([]byte, 1<<20))
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"bytes": count, "seconds": time.Since(begin).Seconds()})
}
