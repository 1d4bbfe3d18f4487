internal import CNGHTTP2

extension Session {
  /// How many streams the peer takes at once; its SETTINGS say so. RFC 9113 §6.5.2.
  package var peerMaxStreams: Int {
    Int(nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
  }

  /// The largest header block that the peer takes: names, values and 32 bytes a field.
  package var peerMaxHeaderListBytes: Int {
    Int(nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE))
  }

  /// Whether a client's request left, at least in part. The peer has not seen one that did not.
  package func wasSent(_ stream: Int32) -> Bool { stream <= lastSentRequest }

  /// Whether a client can open another stream: the numbers of a connection run out after 2^30.
  package var hasStreamsLeft: Bool {
    nghttp2_session_get_next_stream_id(handle) <= UInt32(Int32.max)
  }
}
