/// The Swift side of a service: a protocol for servers, a struct for clients.
struct ServiceGenerator {
  var service: Service
  var types: Types

  func declare(in source: inout Source) {}
}
