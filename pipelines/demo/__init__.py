"""What the demo plays around the real pipeline: a ministry database, a data service and the officers who fill forms.

Owns the published figures, the synthetic ones and the servers that hand them out. Nothing here judges, computes
or reads a result: the pipeline meets these parts only through a connection, an address and a folder.
"""
